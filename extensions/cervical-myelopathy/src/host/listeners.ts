/** Listeners of one kind of event. A failing listener is reported and does not stop the others. */
export class Listeners<Event = void> {
  private readonly listeners = new Set<(event: Event) => void>();

  /** @returns the unsubscriber */
  add(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  get isEmpty(): boolean {
    return this.listeners.size === 0;
  }

  tell(event: Event): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(event);
      } catch (error) {
        console.error('Myelon: a listener failed', error);
      }
    }
  }
}
