/** "nobody", "1 person", "12 people". */
export function peopleIn(count: number): string {
  if (count === 0) return "Nobody";
  return count === 1 ? "1 person" : `${count} people`;
}
