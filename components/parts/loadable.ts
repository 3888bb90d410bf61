/** Code that is loaded when it is needed. */
export interface Loadable {
  isLoaded: () => boolean;
  /** Rejects if the code cannot be loaded. Later calls try again. */
  load: () => Promise<void>;
  /** Loads the code ahead; a failure is shown when the code is needed. */
  preload: () => void;
}
