"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { leavePage } from "@/components/forms/leave-page";
import { backdrop } from "@/components/ui/dialog";
import { type Place, type PlaceGroup, placesMatching } from "./places";
import { useFoundPlaces } from "./use-found-places";

/** A dialog that finds pages, actions and items by what is typed, and opens the one that is chosen. */
export default function Palette({ administers, onClose }: { administers: boolean; onClose: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const { groups, isSearching, problem } = useFoundPlaces(text, administers);
  const places = [...placesMatching(text, administers), ...groups];

  function open({ href }: Place) {
    onClose();
    leavePage(() => router.push(href));
  }

  return (
    <Dialog.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup
          aria-label="Go to"
          className="popup fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col outline-none"
        >
          <Autocomplete.Root
            inline
            open
            mode="none"
            items={places}
            value={text}
            onValueChange={setText}
            itemToStringValue={({ name }: Place) => name}
            autoHighlight="always"
            keepHighlight
          >
            <div className="flex items-center gap-2 border-b border-line px-4">
              <Search aria-hidden className="size-4 shrink-0 text-muted" />
              <Autocomplete.Input
                aria-label="Search pages, tokens, workspaces, apps and jobs"
                placeholder="Search pages, tokens, workspaces, apps, jobs"
                maxLength={100}
                className="h-12 min-w-0 flex-1 bg-transparent outline-none placeholder:text-muted"
              />
            </div>
            <Autocomplete.List className="min-h-0 flex-1 overflow-y-auto p-2">
              {(group: PlaceGroup) => (
                <Autocomplete.Group key={group.value} items={group.items} className="pb-2 last:pb-0">
                  <Autocomplete.GroupLabel className="px-2 py-1 text-xs text-muted">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(place: Place) => (
                      <Autocomplete.Item
                        key={place.id}
                        value={place}
                        onClick={() => open(place)}
                        className="flex cursor-default items-baseline justify-between gap-4 rounded px-2 py-1.5 outline-none data-highlighted:bg-sunken"
                      >
                        <span className="min-w-0 truncate">{place.name}</span>
                        {place.note && <span className="min-w-0 truncate text-sm text-muted">{place.note}</span>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
            <p role="status" className="border-t border-line px-4 py-2 text-sm text-muted empty:hidden">
              {problem ?? (isSearching ? "Searching …" : places.length === 0 ? "Nothing found." : null)}
            </p>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
