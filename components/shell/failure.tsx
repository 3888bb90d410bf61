"use client";

import { Button } from "@/components/ui/button";
import { Message } from "./message";

/** What an error boundary gets from Next.js. */
export interface FailureProps {
  error: Error & { digest?: string };
  retry: () => void;
}

/**
 * A page that could not be made. The server logs what happened under the digest; the reader gets what to do next. An outage that
 * passes has a digest of its own.
 */
export function Failure({ error: { digest }, retry }: FailureProps) {
  const action = (
    <Button variant="primary" onClick={retry}>
      Try again
    </Button>
  );
  if (digest === "unavailable") {
    return (
      <Message title="The database is out of reach" action={action}>
        It may be restarting, or too many ask for it at this moment. Nothing was changed; try again in a moment.
      </Message>
    );
  }
  return (
    <Message title="This page could not be made" action={action}>
      Nothing was changed. Try again in a moment; if it stays like this, tell whoever runs this server
      {digest && (
        <>
          {" "}
          and give them the code <code className="font-mono text-sm">{digest}</code>
        </>
      )}
      .
    </Message>
  );
}
