import { Status } from "@/components/ui/status";
import type { UserView } from "@/lib/users/schema";

/** The status of a user: Active, Disabled, or Invited until they choose a password. */
export function UserState({ user }: { user: UserView }) {
  if (!user.enabled) return <Status tone="off">Disabled</Status>;
  return user.mustChangePassword ? <Status tone="idle">Invited</Status> : <Status tone="ok">Active</Status>;
}
