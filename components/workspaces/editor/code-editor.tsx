"use client";

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef, useState } from "react";
import { workspaceLanguage } from "./language";
import { type LineProblem, lineIn, problemField, showProblem } from "./line-problem";
import { editorLook } from "./look";

export interface CodeEditorProps {
  text: string;
  onChange: (text: string) => void;
  problem: LineProblem | null;
  /** Attributes of the text, such as its label. */
  attributes: Record<string, string>;
}

/** The editor of a workspace file. A new `text` replaces the whole content as one step, which one undo reverts. */
export default function CodeEditor({ text, onChange, problem, attributes }: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const [attributesSlot] = useState(() => new Compartment());
  const latest = useRef({ text, onChange });
  latest.current.onChange = onChange;

  useEffect(() => {
    const onText = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (!docChanged || transactions.some((each) => each.annotation(fromOutside))) return;
      latest.current.text = state.doc.toString();
      latest.current.onChange(latest.current.text);
    });
    const editor = new EditorView({
      doc: latest.current.text,
      extensions: [...behaviour(), onText, attributesSlot.of([])],
      parent: box.current ?? undefined,
    });
    view.current = editor;
    return () => editor.destroy();
  }, [attributesSlot]);

  useEffect(() => {
    if (!view.current || text === latest.current.text) return;
    latest.current.text = text;
    view.current.dispatch({
      changes: { from: 0, to: view.current.state.doc.length, insert: text },
      annotations: fromOutside.of(true),
    });
  }, [text]);

  const attributesKey = JSON.stringify(attributes);
  useEffect(() => {
    const set = EditorView.contentAttributes.of(JSON.parse(attributesKey));
    view.current?.dispatch({ effects: attributesSlot.reconfigure(set) });
  }, [attributesKey, attributesSlot]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const effects = [showProblem.of(problem)];
    if (problem === null) return editor.dispatch({ effects });
    const { to } = lineIn(editor.state.doc, problem.line);
    editor.dispatch({
      effects: [...effects, EditorView.scrollIntoView(to, { y: "center" })],
      selection: { anchor: to },
    });
    editor.focus();
  }, [problem]);

  return <div ref={box} />;
}

/** Marks a text that the page has set, and so knows already. */
const fromOutside = Annotation.define<boolean>();

/** Tab indents. After Escape, the next Tab leaves the editor. */
function behaviour(): Extension[] {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  return [
    ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    workspaceLanguage,
    problemField,
    editorLook,
  ];
}
