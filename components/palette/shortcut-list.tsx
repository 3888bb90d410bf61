"use client";

import { Switch } from "@/components/forms/choice";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

const shortcuts = [
  { keys: ["Ctrl", "K"], action: "Go to a page or item (⌘ K on a Mac)" },
  { keys: ["/"], action: "Search the list on this page" },
  { keys: ["n"], action: "Make a new item of the list on this page" },
  { keys: ["?"], action: "Show these shortcuts" },
  { keys: ["Shift", "click"], action: "Select the rows up to this one" },
  { keys: ["Esc"], action: "Close a dialog or menu" },
];

/** The list of keyboard shortcuts, and the switch for those of a single key, as WCAG 2.1.4 asks. */
export default function ShortcutList({
  hasSingleKeys,
  onSingleKeysChange,
  onClose,
}: {
  hasSingleKeys: boolean;
  onSingleKeysChange: (isOn: boolean) => void;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Keyboard shortcuts"
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <dl className="grid grid-cols-[max-content_1fr] items-center gap-x-6 gap-y-2">
        {shortcuts.map(({ keys, action }) => (
          <div key={action} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded-[4px] border border-line bg-sunken px-1.5 font-mono text-sm">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label="Shortcuts of a single key"
        hint="/, n and ?. Turn them off if you use speech input."
        checked={hasSingleKeys}
        onChange={(event) => onSingleKeysChange(event.target.checked)}
      />
    </Dialog>
  );
}
