import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Says that the text is not what the server has. */
export function Restored({ onDiscard }: { onDiscard: () => void }) {
  return (
    <Notice title="Your unpublished text was restored.">
      <Button size="sm" className="mt-2" onClick={onDiscard}>
        Discard it
      </Button>
    </Notice>
  );
}
