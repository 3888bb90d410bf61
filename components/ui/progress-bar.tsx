/** A progress bar. Without `of` its end is not known. `label` is its name for screen readers. */
export function ProgressBar({ label, done, of }: { label: string; done: number; of?: number }) {
  return (
    <progress
      aria-label={label}
      value={of === undefined ? undefined : done}
      max={of}
      className="h-1.5 w-full appearance-none overflow-hidden rounded-full border-0 bg-line accent-clay [&::-moz-progress-bar]:bg-clay [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-clay motion-safe:indeterminate:animate-pulse [&:indeterminate::-moz-progress-bar]:bg-clay/50 [&:indeterminate::-webkit-progress-bar]:bg-clay/50"
    />
  );
}
