/** "None", "1 user", "12 users". */
export function peopleIn(count: number): string {
  if (count === 0) return "None";
  return count === 1 ? "1 user" : `${count} users`;
}
