import { AppWindow, SearchX } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { type AppSearch, appsHref } from "./search";

/** Says that there are no apps to show, and what to do about it. */
export function NoApps({ search, mayCreate }: { search: AppSearch; mayCreate: boolean }) {
  if (search.q) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={`Nothing matches “${search.q}”`}
        action={<ButtonLink href={appsHref({ sort: search.sort })}>Show all</ButtonLink>}
      />
    );
  }
  return (
    <EmptyState
      icon={<AppWindow aria-hidden />}
      title="No apps yet"
      action={
        mayCreate && (
          <ButtonLink href="/apps/new" variant="primary">
            Create app
          </ButtonLink>
        )
      }
    >
      {mayCreate
        ? "An app is a page with a URL that runs one workspace for anyone, through a token that may do only that."
        : "Nobody has given you one to manage. Ask an administrator for the permission to create apps."}
    </EmptyState>
  );
}
