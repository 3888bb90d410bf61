"use client";

import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import type { Loadable } from "./loadable";
import { MissingPart } from "./missing-part";
import { isServerReachable, reloadPageOnce } from "./reload";

export type Part<Props> = ComponentType<Props> & Loadable;

/**
 * A component whose code is loaded when it is shown. If that fails, a box in its place says so and offers to reload the page;
 * the rest of the page stays. Call it at the top of a module.
 *
 * @param onClose for a dialog: closes it. The box is then a dialog too.
 * @param placeholder shown while it is loaded.
 */
export function part<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  { onClose, placeholder }: { onClose?: (props: Props) => void; placeholder?: ReactNode } = {},
): Part<Props> {
  let Loaded: ComponentType<Props> | undefined;
  const self: Loadable = {
    isLoaded: () => Loaded !== undefined,
    load: async () => {
      Loaded ??= (await load()).default;
    },
    preload: () => void self.load().catch(() => undefined),
  };
  // biome-ignore lint/correctness/noComponentHookFactories: each part is made once, when its module is loaded
  const Shown = (props: Props) => (
    <WhenLoaded parts={[self]} placeholder={placeholder} onClose={onClose && (() => onClose(props))}>
      {() => Loaded && <Loaded {...props} />}
    </WhenLoaded>
  );
  return Object.assign(Shown, self);
}

/** Shows its children once all parts are loaded. */
export function WhenLoaded({
  parts,
  placeholder = null,
  onClose,
  children,
}: {
  parts: readonly Loadable[];
  placeholder?: ReactNode;
  onClose?: () => void;
  children: () => ReactNode;
}) {
  const [state, setState] = useState<"loading" | "loaded" | "missing">("loading");
  const isLoaded = parts.every((each) => each.isLoaded());

  // biome-ignore lint/correctness/useExhaustiveDependencies: the list of parts is new at each rendering
  useEffect(() => {
    if (isLoaded || state !== "loading") return;
    let isShown = true;
    const show = (next: "loaded" | "missing") => isShown && setState(next);
    Promise.all(parts.map((each) => each.load())).then(
      () => show("loaded"),
      async () => {
        if (!(isShown && (await isServerReachable()) && reloadPageOnce())) show("missing");
      },
    );
    return () => {
      isShown = false;
    };
  }, [isLoaded, state]);

  if (isLoaded) return children();
  if (state !== "missing") return placeholder;
  return <MissingPart parts={parts} onLoaded={() => setState("loaded")} onClose={onClose} />;
}
