// What the shell tells the desk about the page it lost.

export type RendererGone =
  /** The kiosk page's process ended; `reloading` tells whether it comes back by itself. */
  | { readonly what: 'crashed'; readonly reason: string; readonly reloading: boolean }
  /** It did not answer in time and was ended. */
  | { readonly what: 'hung'; readonly reloading: boolean };
