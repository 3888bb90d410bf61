"use client";

import { X } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { afterTyping } from "@/components/data-table/search-field";
import { Field } from "@/components/forms/field";
import { Input, Select } from "@/components/forms/input";
import { Button } from "@/components/ui/button";
import { actionWords, typeWords } from "./labels";
import { auditSearch } from "./search";

/** Filters the events. The filters are in the URL. A change of a filter shows the first page. */
export function AuditFilters() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(auditSearch, { shallow: false, startTransition });
  const { after: _, ...filters } = search;

  return (
    <search
      className="grid grid-cols-1 items-end gap-3 min-[26rem]:grid-cols-2 lg:grid-cols-[1fr_1fr_1fr_1.4fr_9rem_9rem_auto]"
      aria-busy={isPending}
    >
      <Field label="User">
        <Input
          placeholder="Username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={search.actor}
          onChange={(event) => setSearch({ actor: event.target.value || null, after: null }, afterTyping)}
        />
      </Field>
      <ChoiceField
        label="Type"
        all="All types"
        labels={typeWords}
        value={search.type}
        onChange={(type) => setSearch({ type: auditSearch.type.parse(type), after: null })}
      />
      <Field label="Name">
        <Input
          placeholder="Search by name"
          maxLength={100}
          value={search.subject}
          onChange={(event) => setSearch({ subject: event.target.value || null, after: null }, afterTyping)}
        />
      </Field>
      <ChoiceField
        label="Action"
        all="All actions"
        labels={actionWords}
        value={search.action}
        onChange={(action) => setSearch({ action: action || null, after: null })}
      />
      <Field label="From (UTC)">
        <Input
          type="date"
          value={search.from ?? ""}
          onChange={(event) => setSearch({ from: event.target.value || null, after: null })}
        />
      </Field>
      <Field label="To (UTC)">
        <Input
          type="date"
          value={search.to ?? ""}
          onChange={(event) => setSearch({ to: event.target.value || null, after: null })}
        />
      </Field>
      {Object.values(filters).some(Boolean) && (
        <Button
          variant="quiet"
          icon={<X aria-hidden />}
          onClick={() => setSearch({ ...Object.fromEntries(Object.keys(auditSearch).map((key) => [key, null])) })}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

function ChoiceField({
  label,
  all,
  labels,
  value,
  onChange,
}: {
  label: string;
  /** The label of the option that does not filter. */
  all: string;
  /** The label of each value. */
  labels: Record<string, string>;
  value: string | null;
  /** Gets the empty text for the option that does not filter. */
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      <Select value={value ?? ""} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {Object.entries(labels).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
    </Field>
  );
}
