/// A figure over time.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../model/series';
import { beat } from '../store';

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const height = 140;

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}

function optionsFor(label: string, width: number): uPlot.Options {
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(1, high ?? 1)] } },
    axes: [{ ...axis, space: 80, size: 30, values: (_, at) => at.map(timeOf) }, { ...axis, size: 46, space: 32 }],
    series: [{}, { label, stroke: colour('--first'), width: 1.8, points: { show: false } }],
  };
}

/// `label` says what the figure is, for those who do not see it; `now` what it is now.
export function Chart({ label, now, series }: { label: string; now: string; series: Series }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const draw = () => {
      plot.current?.destroy();
      const width = Math.max(120, box.current?.clientWidth ?? 0);
      plot.current = new uPlot(optionsFor(label, width), [series.times, series.values], box.current!);
    };
    draw();
    const watch = new ResizeObserver(() => {
      const width = box.current?.clientWidth ?? 0;
      if (plot.current && width > 0 && width !== plot.current.width) plot.current.setSize({ width, height });
    });
    watch.observe(box.current!);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', draw);
    const stop = beat.subscribe(() => plot.current?.setData([series.times, series.values]));
    return () => {
      stop();
      theme.removeEventListener('change', draw);
      watch.disconnect();
      plot.current?.destroy();
    };
  }, [series]);
  return (
    <figure class="chart">
      <figcaption>
        {label} <strong>{now}</strong>
      </figcaption>
      <div ref={box} role="img" aria-label={`${label}: ${now}`} />
    </figure>
  );
}
