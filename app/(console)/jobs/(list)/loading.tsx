import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

/** A placeholder for the list of jobs. */
export default function Loading() {
  return (
    <>
      <div className="flex h-13 flex-col justify-center gap-3">
        <Skeleton className="h-6 w-20" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
      <div className="flex flex-wrap gap-2">
        <Skeleton className="h-8 w-40" />
        <Skeleton className="h-8 w-72 max-w-full" />
      </div>
      <TableSkeleton rows={8} />
    </>
  );
}
