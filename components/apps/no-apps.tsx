import { AppWindow, SearchX } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { type AppSearch, appsHref } from "./search";

/** The empty state of the list of apps. */
export function NoApps({ search, mayCreate }: { search: AppSearch; mayCreate: boolean }) {
  if (search.q) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={`No apps match “${search.q}”`}
        action={<ButtonLink href={appsHref({ sort: search.sort })}>Show all apps</ButtonLink>}
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
        ? "An app is a public page that runs one workspace. Visitors don't need an account."
        : "You don't manage any apps. Ask an administrator for permission to create apps."}
    </EmptyState>
  );
}
