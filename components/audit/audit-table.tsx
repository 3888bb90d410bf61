"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { SearchX } from "lucide-react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { DataTable } from "@/components/data-table/data-table";
import { defineTable, type Features } from "@/components/data-table/definition";
import { Pager } from "@/components/data-table/pager";
import { RowLink } from "@/components/data-table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AdministeredEventView } from "@/lib/audit/schema";
import { ChangedFields, changedFieldsOf } from "./changed-fields";
import { actionWords, fieldWords, reasonWords, typeWord } from "./labels";
import { type AuditSearch, auditHref, subjectHref } from "./search";

/** What the table shows of an event. */
export type ListedEvent = Omit<AdministeredEventView, "agent">;

/** A page of events, newest first. */
export function AuditTable({
  events,
  nextCursor,
  search,
}: {
  events: ListedEvent[];
  nextCursor: string | null;
  search: AuditSearch;
}) {
  return (
    <DataTable
      definition={definition}
      title="Events"
      rows={events}
      tools={<ColumnsMenu of={definition} />}
      empty={
        <EmptyState icon={<SearchX aria-hidden />} title="No events found">
          No events match these filters. Change or clear them.
        </EmptyState>
      }
      footer={
        <Pager
          name="events"
          first={search.after && auditHref({ ...search, after: null })}
          next={nextCursor && auditHref({ ...search, after: nextCursor })}
        />
      }
    />
  );
}

const column = createColumnHelper<Features, ListedEvent>();

const actionOf = ({ action }: ListedEvent) => actionWords[action] ?? action;

const definition = defineTable<ListedEvent>({
  id: "audit",
  rowId: (event) => event.id,
  rowName: (event) => `${actionOf(event)}: ${event.subject.name}`,
  columns: [
    column.display({
      id: "action",
      header: "Action",
      meta: { rowHeader: true },
      cell: ({ row }) => <Action event={row.original} />,
    }),
    column.display({
      id: "item",
      header: "Item",
      meta: { width: "w-[26%]" },
      cell: ({ row }) => <Item subject={row.original.subject} />,
    }),
    column.display({
      id: "user",
      header: "User",
      meta: { width: "w-[20%]" },
      cell: ({ row: { original: event } }) => (
        <div>
          {event.by.userName}
          {event.by.tokenName && <div className="text-sm text-muted">with {event.by.tokenName}</div>}
        </div>
      ),
    }),
    column.display({
      id: "from",
      header: "From",
      meta: { width: "w-36", hideWhenNarrow: true },
      cell: ({ row }) => row.original.address ?? <span className="text-muted">Unknown</span>,
    }),
    column.display({
      id: "at",
      header: "Time",
      meta: { width: "w-32" },
      cell: ({ row }) => <RelativeTime at={row.original.at} className="text-muted" />,
    }),
  ],
});

/** The action, with the changed fields folded under it. */
function Action({ event }: { event: ListedEvent }) {
  const words = actionOf(event);
  if (changedFieldsOf(event).length === 0) return words;
  const reason = event.after?.reason;
  const after = typeof reason === "string" ? { ...event.after, reason: reasonWords[reason] ?? reason } : event.after;
  return (
    <details>
      <summary className="w-fit rounded-[4px]">{words}</summary>
      <div className="pl-4 font-normal">
        <ChangedFields before={event.before} after={after} words={fieldWords} />
      </div>
    </details>
  );
}

function Item({ subject }: { subject: AdministeredEventView["subject"] }) {
  const href = subjectHref(subject);
  return (
    <div>
      {href ? (
        <RowLink href={href} className="underline-offset-4 hover:underline">
          {subject.name}
        </RowLink>
      ) : (
        subject.name
      )}
      <div className="text-sm text-muted">{typeWord[subject.type]}</div>
    </div>
  );
}
