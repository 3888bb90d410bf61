"use client";

import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";

/** The server logs what happened under the digest; the reader gets what to do next. */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-2 px-6">
      <Mark className="mb-2 size-8" />
      <h1 className="text-xl font-semibold tracking-tight">This page could not be made</h1>
      <p className="text-muted">
        Nothing was changed. Try again in a moment; if it stays like this, tell whoever runs this server
        {error.digest ? (
          <>
            {" "}
            and give them the code <code className="font-mono text-sm">{error.digest}</code>
          </>
        ) : null}
        .
      </p>
      <Button variant="primary" className="mt-2" onClick={retry}>
        Try again
      </Button>
    </main>
  );
}
