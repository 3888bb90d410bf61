import { ButtonLink } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-2 px-6">
      <Mark className="mb-2 size-8" />
      <h1 className="text-xl font-semibold tracking-tight">There is nothing here</h1>
      <p className="text-muted">
        The address may be mistyped, or what was here has been removed, or it is not yours to see.
      </p>
      <ButtonLink href="/" variant="primary" className="mt-2">
        Go to the start page
      </ButtonLink>
    </main>
  );
}
