import { sharedConfirmation } from "@/lib/verification/confirmation";

/** A confirmation that behaves like a plain cache: it confirms the first time only, and trusts the memory from then on. */
export const confirmOnce: typeof sharedConfirmation = (...parts) => {
  const confirm = sharedConfirmation(...parts);
  let isDone = false;
  return (waiting) => {
    if (isDone) setImmediate(() => waiting.confirmed(Date.now(), null));
    else confirm(waiting);
    isDone = true;
  };
};
