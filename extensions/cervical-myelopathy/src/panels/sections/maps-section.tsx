import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import { WORDS } from '../../words/en';
import { colourScaleOf } from '../../reading/colour-scales';
import { ImageQuality } from '../parts/image-quality';
import { PreparationForm } from '../parts/preparation-choices';
import { useReading, useReadingState } from '../reading-panel';

/** Fitting, and choosing which map lies over the image. */
export function MapsSection(): React.JSX.Element {
  const { actions } = useReading();
  const maps = useReadingState((state) => state.maps);
  const outlined = useReadingState((state) => state.cord.voxelsPerSlice.some((count) => count > 0));
  const record = useReadingState((state) => state.metrics.record);
  const busy = maps.state.kind === 'working';
  const fitted = maps.available.length > 0;
  return (
    <div>
      <div className="myelon-row">
        <button type="button" disabled={!outlined || busy} onClick={() => void actions.fit()}>
          {fitted ? WORDS.maps.fitAgain : WORDS.maps.fit}
        </button>
        {maps.method !== '' && <span className="myelon-quiet">{maps.method}</span>}
      </div>
      <PreparationForm />
      {fitted && record && <ImageQuality record={record} />}
      {fitted && (
        <>
          <div className="myelon-choices" role="radiogroup" aria-label={WORDS.maps.show}>
            {maps.available.map((quantity) => (
              <MapChoice key={quantity} quantity={quantity} checked={maps.shown === quantity} />
            ))}
            <label className="myelon-choice">
              <input
                type="radio"
                name="myelon-map"
                checked={maps.shown === null}
                onChange={() => {
                  actions.showMap(null);
                }}
              />
              {WORDS.maps.hide}
            </label>
          </div>
          {maps.shown !== null && <ShownMap quantity={maps.shown} />}
        </>
      )}
    </div>
  );
}

function MapChoice({ quantity, checked }: { quantity: QuantityId; checked: boolean }): React.JSX.Element {
  const { actions } = useReading();
  const { symbol, name } = QUANTITIES[quantity];
  return (
    <label className="myelon-choice" title={name}>
      <input
        type="radio"
        name="myelon-map"
        checked={checked}
        onChange={() => {
          actions.showMap(quantity);
        }}
      />
      {symbol}
    </label>
  );
}

function ShownMap({ quantity }: { quantity: QuantityId }): React.JSX.Element {
  const { actions } = useReading();
  const { opacity, ranges, probe } = useReadingState((state) => state.maps);
  const { name, shownUnit, shownFactor, decimals } = QUANTITIES[quantity];
  const [low, high] = ranges[quantity] ?? [0, 1];
  const step = 10 ** -decimals;
  const shown = (value: number) => Number((value * shownFactor).toFixed(decimals));
  const value = probe?.quantity === quantity ? probe.value : null;
  return (
    <div>
      <p>
        {name} {shownUnit === '' ? '' : `(${shownUnit})`}
      </p>
      <div className="myelon-row">
        <RangeEnd
          label={WORDS.maps.from}
          value={shown(low)}
          step={step}
          onValue={(next) => {
            actions.setRange(quantity, [next / shownFactor, high]);
          }}
        />
        <div
          className="myelon-colour-bar"
          style={{ background: colourScaleOf(quantity).gradient }}
          role="img"
          aria-label={`${WORDS.maps.range}: ${colourScaleOf(quantity).name}`}
        />
        <RangeEnd
          label={WORDS.maps.to}
          value={shown(high)}
          step={step}
          onValue={(next) => {
            actions.setRange(quantity, [low, next / shownFactor]);
          }}
        />
      </div>
      <label className="myelon-row">
        {WORDS.maps.opacity}
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          onChange={(event) => {
            actions.setOpacity(Number(event.target.value));
          }}
        />
      </label>
      <p className="myelon-row" aria-live="off">
        <span className="myelon-quiet">{WORDS.maps.underCursor}</span>
        <span className="myelon-number" data-probe={quantity}>
          {value === null ? '–' : `${formatQuantity(quantity, value)} ${shownUnit}`}
        </span>
      </p>
    </div>
  );
}

interface RangeEndProps {
  readonly label: string;
  readonly value: number;
  readonly step: number;
  readonly onValue: (value: number) => void;
}

function RangeEnd({ label, value, step, onValue }: RangeEndProps): React.JSX.Element {
  return (
    <input
      className="myelon-range-end myelon-number"
      type="number"
      aria-label={`${WORDS.maps.range} ${label}`}
      value={value}
      step={step}
      onChange={(event) => {
        if (Number.isFinite(event.target.valueAsNumber)) onValue(event.target.valueAsNumber);
      }}
    />
  );
}
