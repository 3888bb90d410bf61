"use client";

import { FileUp } from "lucide-react";
import { type ComponentType, type DragEvent, useEffect, useId, useState } from "react";
import { FieldError } from "@/components/forms/field";
import { useFileChooser } from "@/components/forms/use-file-chooser";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { CodeEditorProps } from "./editor/code-editor";
import type { LineProblem } from "./editor/line-problem";
import { readSourceFile } from "./read-source-file";

/** The text of a workspace: written, pasted, dropped as a file or chosen. */
export function SourceField({
  text,
  onChange,
  onFileName,
  problem,
  error,
}: {
  text: string;
  onChange: (text: string) => void;
  /** Gets the name of a file that was dropped or chosen, without its ending. */
  onFileName?: (name: string) => void;
  problem: LineProblem | null;
  /** An error that belongs to no line. */
  error?: string;
}) {
  const id = useId();
  const [refusal, setRefusal] = useState<string>();
  const [isOver, setOver] = useState(false);
  const message = refusal ?? (problem ? `Line ${problem.line}: ${problem.message}` : error);

  async function take(file: File | undefined) {
    if (!file) return;
    const read = await readSourceFile(file);
    setRefusal("refused" in read ? read.refused : undefined);
    if ("refused" in read) return;
    onChange(read.text);
    onFileName?.(file.name.replace(/\.sql$/i, ""));
  }

  function drop(event: DragEvent) {
    setOver(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void take(event.dataTransfer.files[0]);
  }

  function dragOver(event: DragEvent) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  }

  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <span id={`${id}-label`} className="text-sm font-medium">
          Workspace file
        </span>
        <ChooseFile onFile={take} />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is another way to use the button above */}
      <div
        onDropCapture={drop}
        onDragOverCapture={dragOver}
        onDragLeave={() => setOver(false)}
        className={cx(
          "overflow-hidden rounded border bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-clay",
          isOver ? "border-clay" : message ? "border-bad" : "border-edge",
        )}
      >
        <Editor
          text={text}
          onChange={onChange}
          problem={problem}
          attributes={{
            id,
            "aria-labelledby": `${id}-label`,
            "aria-describedby": message ? `${id}-error ${id}-hint` : `${id}-hint`,
            "aria-required": "true",
            ...(message && { "aria-invalid": "true" }),
          }}
        />
      </div>
      <FieldError id={`${id}-error`}>{message}</FieldError>
      <p id={`${id}-hint`} className="text-sm text-muted">
        A header in YAML, then one query for DuckDB. Drop a .sql file here, or paste its text. Tab indents; to leave the
        editor with the keyboard, press Escape, then Tab.
      </p>
    </div>
  );
}

/** A plain text field until the editor is loaded, and also when it cannot be loaded. */
function Editor(props: CodeEditorProps) {
  const [{ Loaded }, setLoaded] = useState<{ Loaded?: ComponentType<CodeEditorProps> }>({});
  useEffect(() => {
    let isGone = false;
    void import("./editor/code-editor").then(
      (module) => isGone || setLoaded({ Loaded: module.default }),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  if (Loaded) return <Loaded {...props} />;
  const { text, onChange, attributes } = props;
  return (
    <textarea
      {...attributes}
      rows={16}
      spellCheck={false}
      value={text}
      onChange={(event) => onChange(event.target.value)}
      className="block w-full resize-y bg-surface px-3 py-2 font-mono text-sm outline-none"
    />
  );
}

function ChooseFile({ onFile }: { onFile: (file: File | undefined) => void }) {
  const { input, open } = useFileChooser("Workspace file to read", onFile, ".sql,text/plain,application/sql");
  return (
    <>
      {input}
      <Button size="sm" icon={<FileUp aria-hidden />} onClick={open}>
        Choose file…
      </Button>
    </>
  );
}
