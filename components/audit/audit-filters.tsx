"use client";

import { X } from "lucide-react";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Field } from "@/components/forms/field";
import { Input, Select } from "@/components/forms/input";
import { Button } from "@/components/ui/button";
import { actionWords, typeWords } from "./labels";
import { auditSearch } from "./search";

/** Which events are shown; kept in the URL. Narrowing always starts from the first page. */
export function AuditFilters() {
  const [isPending, startTransition] = useTransition();
  const [search, setSearch] = useQueryStates(auditSearch, { shallow: false, startTransition });
  const { after: _, ...filters } = search;
  const typed = { limitUrlUpdates: debounce(250) };

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
          onChange={(event) => setSearch({ actor: event.target.value || null, after: null }, typed)}
        />
      </Field>
      <Field label="Type">
        <Select
          value={search.type ?? ""}
          onChange={(event) => setSearch({ type: auditSearch.type.parse(event.target.value), after: null })}
        >
          <option value="">All types</option>
          {Object.entries(typeWords).map(([type, words]) => (
            <option key={type} value={type}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Name">
        <Input
          placeholder="Search by name"
          maxLength={100}
          value={search.subject}
          onChange={(event) => setSearch({ subject: event.target.value || null, after: null }, typed)}
        />
      </Field>
      <Field label="Action">
        <Select
          value={search.action ?? ""}
          onChange={(event) => setSearch({ action: event.target.value || null, after: null })}
        >
          <option value="">All actions</option>
          {Object.entries(actionWords).map(([action, words]) => (
            <option key={action} value={action}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
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
