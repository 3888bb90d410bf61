import { Status, type StatusTone } from "@/components/ui/status";
import type { AppFault, AppView } from "@/lib/apps/schema";

const looks: Record<AppFault, { tone: StatusTone; word: string }> = {
  "app-disabled": { tone: "off", word: "Disabled" },
  "workspace-removed": { tone: "bad", word: "No workspace" },
  "parameters-changed": { tone: "bad", word: "Needs update" },
  "token-removed": { tone: "bad", word: "No token" },
  "token-expired": { tone: "over", word: "Token expired" },
  "token-disabled": { tone: "off", word: "Token disabled" },
  "token-not-permitted": { tone: "bad", word: "No permission" },
  "owner-not-permitted": { tone: "bad", word: "No permission" },
  "owner-disabled": { tone: "off", word: "Owner disabled" },
  owner: { tone: "bad", word: "Not available" },
};

/** The status of an app: available, or its first fault. */
export function AppStatus({ app: { available, faults } }: { app: Pick<AppView, "available" | "faults"> }) {
  const [first] = faults;
  if (available || !first) return <Status tone="ok">Active</Status>;
  const { tone, word } = looks[first.fault];
  return <Status tone={tone}>{word}</Status>;
}
