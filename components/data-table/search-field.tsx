import { debounce } from "nuqs";
import { SearchInput } from "@/components/forms/search-input";

/** Waits until the typing pauses, so that the server is not asked for every letter. */
export const afterTyping = { limitUrlUpdates: debounce(250) };

/**
 * Searches a list whose search is kept in the URL. The server is asked when the typing pauses.
 *
 * @param onSearch gets what was typed, null for nothing, and the options with which to set the URL.
 */
export function SearchField({
  label,
  placeholder,
  q,
  isPending,
  onSearch,
}: {
  label: string;
  placeholder: string;
  q: string;
  /** The server has yet to answer. */
  isPending: boolean;
  onSearch: (q: string | null, options: typeof afterTyping) => void;
}) {
  return (
    <SearchInput
      label={label}
      isPending={isPending}
      placeholder={placeholder}
      maxLength={100}
      value={q}
      onChange={(event) => onSearch(event.target.value || null, afterTyping)}
      className="min-w-48 flex-1 sm:max-w-80"
    />
  );
}
