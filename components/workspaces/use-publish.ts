import { useRouter } from "next/navigation";
import { notify } from "@/components/ui/toaster";
import type { WorkspacePath } from "@/lib/workspaces/schema";
import { runPageOf } from "./run-page-url";
import { type Replacing, sendSource } from "./send-source";

/** Publishes a draft and shows the page of its workspace. The returned function throws like `sendSource`. */
export function usePublish(draft: { text: string; forget: () => void }) {
  const router = useRouter();
  return async (path: WorkspacePath, replacing: Replacing): Promise<void> => {
    const workspace = await sendSource(path, draft.text, replacing);
    draft.forget();
    notify.success(`Published ${workspace.title}`);
    router.push(runPageOf({ repository: workspace.repository, workspace: workspace.name }));
    router.refresh();
  };
}
