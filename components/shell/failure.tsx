"use client";

import { Button } from "@/components/ui/button";
import { Message } from "./message-page";

/** The props that Next.js passes to an error boundary. */
export interface FailureProps {
  error: Error & { digest?: string };
  retry: () => void;
}

/**
 * Replaces a page that could not be rendered. The server logs the error with its digest. The digest `unavailable` stands for an
 * outage of the database.
 */
export function Failure({ error: { digest }, retry }: FailureProps) {
  const action = (
    <Button variant="primary" onClick={retry}>
      Try again
    </Button>
  );
  if (digest === "unavailable") {
    return (
      <Message title="The database is unavailable" action={action}>
        It may be restarting or busy. Your changes were not saved. Try again in a moment.
      </Message>
    );
  }
  return (
    <Message title="Something went wrong" action={action}>
      This page couldn't be loaded. Try again in a moment. If it keeps happening, contact your administrator
      {digest && (
        <>
          {" "}
          and include the code <code className="font-mono text-sm">{digest}</code>
        </>
      )}
      .
    </Message>
  );
}
