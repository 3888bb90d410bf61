"use client";

import { useState } from "react";
import { ApiProblem } from "@/components/forms/api";
import type { LineProblem } from "./editor/line-problem";

/** What is wrong with a text that the server refused: at a line, or in no particular one. */
interface SourceProblem {
  problem: LineProblem | null;
  error?: string;
}

const fieldsElsewhere = ["name", "repository"];

/** Keeps what the server says about a text. `judge` does the work of a form, and throws on what is not about the text. */
export function useSourceProblem() {
  const [found, setFound] = useState<SourceProblem>({ problem: null });

  async function judge(work: () => Promise<void>): Promise<void> {
    setFound({ problem: null });
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 400) throw error;
      const { field = "", message, extra } = error;
      if (fieldsElsewhere.includes(field)) throw error;
      if (typeof extra.line === "number") setFound({ problem: { line: extra.line, message: withoutLine(message) } });
      else setFound({ problem: null, error: message });
    }
  }

  return { ...found, judge, clear: () => setFound({ problem: null }) };
}

/** The line is shown beside the message. */
const withoutLine = (message: string) => message.replace(/ \(line \d+\)(?=\.?$)/, "");
