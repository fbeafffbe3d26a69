/**
 * Views on flat arrays with shape and stride, as the library `ndarray` makes them, without compiling program text: a
 * content security policy without 'unsafe-eval' forbids that, and the viewer needs views to open segmentations.
 *
 * @param {string} dtype element type as ndarray names it; 'generic' means data with get and set
 * @param {number} dimension number of indices; -1 for the empty view
 * @param {Function[]} constructors those of this dtype by dimension + 1; complete when a view is made
 * @returns {(data: any, shape: number[], stride: number[], offset: number) => object}
 */
export function arrayViewConstructor(dtype, dimension, constructors) {
  const accessors = dtype === 'generic';
  const axes = Array.from({ length: Math.max(dimension, 0) }, (_, axis) => axis);
  const given = (index) => typeof index === 'number' && index >= 0;

  class View {
    constructor(data, shape, stride, offset) {
      this.data = data;
      this.shape = axes.map((axis) => shape[axis]);
      this.stride = axes.map((axis) => stride[axis]);
      this.offset = offset | 0;
    }

    get size() {
      return dimension < 0 ? 0 : this.shape.reduce((product, length) => product * length, 1);
    }

    /** Axes from the one whose neighbours lie closest together. */
    get order() {
      return [...axes].sort((p, q) => Math.abs(this.stride[p]) - Math.abs(this.stride[q]) || p - q);
    }

    index(...at) {
      return dimension < 0 ? -1 : axes.reduce((sum, axis) => sum + this.stride[axis] * at[axis], this.offset);
    }

    get(...at) {
      if (dimension < 0) return undefined;
      const index = this.index(...at);
      return accessors ? this.data.get(index) : this.data[index];
    }

    set(...at) {
      if (dimension < 0) return undefined;
      const value = at[dimension];
      const index = this.index(...at);
      return accessors ? this.data.set(index, value) : (this.data[index] = value);
    }

    valueOf() {
      return dimension === 0 ? this.get() : this;
    }

    hi(...at) {
      const shape = axes.map((axis) => (given(at[axis]) ? at[axis] | 0 : this.shape[axis]));
      return new View(this.data, shape, this.stride, this.offset);
    }

    lo(...at) {
      const from = axes.map((axis) => (given(at[axis]) ? at[axis] | 0 : 0));
      const offset = axes.reduce((sum, axis) => sum + this.stride[axis] * from[axis], this.offset);
      const shape = axes.map((axis) => this.shape[axis] - from[axis]);
      return new View(this.data, shape, this.stride, offset);
    }

    step(...by) {
      const shape = [...this.shape];
      const stride = [...this.stride];
      let offset = this.offset;
      for (const axis of axes) {
        if (typeof by[axis] !== 'number') continue;
        const step = by[axis] | 0;
        if (step < 0) offset += stride[axis] * (shape[axis] - 1);
        shape[axis] = Math.ceil(shape[axis] / Math.abs(step));
        stride[axis] *= step;
      }
      return new View(this.data, shape, stride, offset);
    }

    transpose(...order) {
      const from = axes.map((axis) => (order[axis] === undefined ? axis : order[axis] | 0));
      const shape = from.map((axis) => this.shape[axis]);
      const stride = from.map((axis) => this.stride[axis]);
      return new View(this.data, shape, stride, this.offset);
    }

    pick(...at) {
      if (dimension < 0) return null;
      const kept = axes.filter((axis) => !given(at[axis]));
      const offset = axes.reduce(
        (sum, axis) => sum + (given(at[axis]) ? this.stride[axis] * at[axis] : 0),
        this.offset,
      );
      const shape = kept.map((axis) => this.shape[axis]);
      const stride = kept.map((axis) => this.stride[axis]);
      return constructors[kept.length + 1](this.data, shape, stride, offset);
    }
  }

  View.prototype.dtype = dtype;
  View.prototype.dimension = dimension;
  return (data, shape, stride, offset) => new View(data, shape ?? [], stride ?? [], offset ?? 0);
}
