import { Status } from "@/components/ui/status";
import type { UserView } from "@/lib/users/schema";

/** Whether the account may be used, and whether its owner has yet to choose a password. */
export function UserState({ user }: { user: UserView }) {
  if (!user.enabled) return <Status tone="off">Disabled</Status>;
  return user.mustChangePassword ? <Status tone="idle">Invited</Status> : <Status tone="ok">Active</Status>;
}
