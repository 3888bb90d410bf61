import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The colours are variables of app/globals.css, which have a value for light and one for dark. */
const theme = EditorView.theme({
  "&": { color: "var(--ink)", fontSize: "var(--text-sm)", minHeight: "16rem", maxHeight: "70vh" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.25rem", overflow: "auto" },
  ".cm-content": { padding: "0.5rem 0", minHeight: "16rem", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.75rem" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.5rem", minWidth: "2.25rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in oklab, var(--sunken) 60%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in oklab, var(--clay) 28%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--clay-wash)" },
  ".cm-line.cm-wrong": { backgroundColor: "var(--bad-wash)" },
  ".cm-problem": {
    padding: "0.375rem 0.75rem",
    fontFamily: "var(--font-sans)",
    color: "var(--bad)",
    backgroundColor: "var(--bad-wash)",
    borderBlock: "1px solid color-mix(in oklab, var(--bad) 30%, transparent)",
    whiteSpace: "pre-wrap",
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--clay-ink)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--clay-ink)" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: tags.special(tags.name), color: "var(--warn)", fontWeight: "600" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--muted)" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--ink)", fontWeight: "600" },
]);

export const editorLook = [theme, syntaxHighlighting(colours)];
