import { type EditorState, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

/** What is wrong in a line of the text, which counts from 1. */
export interface LineProblem {
  line: number;
  message: string;
}

/** Shows a problem below its line, or removes it. */
export const showProblem = StateEffect.define<LineProblem | null>();

/** The problem moves with its line, and goes when the line is changed. */
export const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, { effects, changes, docChanged, startState, state }) {
    const shown = effects.find((effect) => effect.is(showProblem));
    if (shown) return shown.value === null ? Decoration.none : decorationsOf(state, shown.value);
    if (!docChanged || decorations.size === 0) return decorations;
    return isTouched(startState, decorations, (from, to) => changes.touchesRange(from, to) !== false)
      ? Decoration.none
      : decorations.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorationsOf({ doc }: EditorState, problem: LineProblem): DecorationSet {
  const { from, to } = lineIn(doc, problem.line);
  return Decoration.set([
    Decoration.line({ class: "cm-wrong" }).range(from),
    Decoration.widget({ widget: new ProblemWidget(problem.message), block: true, side: 1 }).range(to),
  ]);
}

/** A line of the server may lie behind the end of a text that was changed meanwhile. */
export const lineIn = (doc: Text, line: number) => doc.line(Math.min(Math.max(line, 1), doc.lines));

function isTouched(
  { doc }: EditorState,
  decorations: DecorationSet,
  touches: (from: number, to: number) => boolean,
): boolean {
  const at = decorations.iter().from;
  const { from, to } = doc.lineAt(at);
  return touches(from, to);
}

class ProblemWidget extends WidgetType {
  constructor(readonly message: string) {
    super();
  }

  override eq(other: ProblemWidget): boolean {
    return other.message === this.message;
  }

  /** Screen readers read the message as the description of the editor. */
  override toDOM(): HTMLElement {
    const box = document.createElement("div");
    box.className = "cm-problem";
    box.setAttribute("aria-hidden", "true");
    box.textContent = this.message;
    return box;
  }
}
