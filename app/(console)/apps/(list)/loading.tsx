import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

/** A placeholder for the list of apps. */
export default function Loading() {
  return (
    <>
      <div className="flex h-13 flex-col justify-center gap-3">
        <Skeleton className="h-6 w-24" />
        <Skeleton className="h-4 w-96 max-w-full" />
      </div>
      <Skeleton className="h-8 w-80 max-w-full" />
      <TableSkeleton rows={6} />
    </>
  );
}
