/** A stroke has ended when no button is down and nothing changed for this long. */
const STROKE_END_MS = 150;

/** Calls back once per stroke of the mouse or pen, or of a key, however many changes it made. */
export function strokeEnd(onEnd: () => void): { changed(): void; forget(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let buttonDown = false;
  const listen = (event: string, down: boolean) => {
    window.addEventListener(
      event,
      () => {
        buttonDown = down;
      },
      { capture: true },
    );
  };
  listen('pointerdown', true);
  listen('pointerup', false);
  listen('pointercancel', false);

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (buttonDown) wait();
      else onEnd();
    }, STROKE_END_MS);
  };
  return {
    changed: wait,
    forget() {
      clearTimeout(timer);
    },
  };
}
