import { ButtonLink } from "@/components/ui/button-link";

/** The links under a list by cursor: to its first page and to the next one. Nothing when there is only one page. */
export function Pager({ name, first, next }: { name: string; first: string | null; next: string | null }) {
  if (!first && !next) return null;
  return (
    <nav aria-label={`Pages of ${name}`} className="flex justify-end gap-2">
      {first && (
        <ButtonLink href={first} size="sm" scroll={false}>
          First page
        </ButtonLink>
      )}
      {next && (
        <ButtonLink href={next} size="sm" scroll={false}>
          Next page
        </ButtonLink>
      )}
    </nav>
  );
}
