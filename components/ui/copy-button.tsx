"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { writeToClipboard } from "./clipboard";
import { notify } from "./toaster";

/** Copies `text` and confirms this on the button for two seconds. */
export function CopyButton({ text, label = "Copy", size }: { text: string; label?: string; size?: "md" | "sm" }) {
  const [copied, setCopied] = useState(false);

  async function copy() {
    if (!(await writeToClipboard(text))) {
      notify.error("Couldn't copy. Select the text and copy it manually.");
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }

  return (
    <Button size={size} onClick={copy} icon={copied ? <Check aria-hidden /> : <Copy aria-hidden />}>
      <span aria-live="polite" className="grid">
        {/* Both labels take up space, so that the width of the button does not change. */}
        <span className={`col-start-1 row-start-1 ${copied ? "invisible" : ""}`}>{label}</span>
        <span className={`col-start-1 row-start-1 ${copied ? "" : "invisible"}`}>Copied</span>
      </span>
    </Button>
  );
}
