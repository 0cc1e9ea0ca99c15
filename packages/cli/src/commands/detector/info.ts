import { command } from "../../command.ts";

export const detectorInfo = command({
  usage: "info",
  about: "show the detector's thresholds, and what a series and a point cost",
  async run(cli) {
    const { MOST_BYTES } = await import("@omoios/domain/monitor/codec");
    const { NAB_THRESHOLD, THRESHOLD } = await import("@omoios/domain/monitor/settings");
    const { timePoints } = await import("../../detector/time-points.ts");
    const us_per_point = Number(timePoints().toFixed(3));
    const info = { threshold: THRESHOLD, nab_threshold: NAB_THRESHOLD, bytes_per_series: MOST_BYTES, us_per_point };
    cli.show(info, () =>
      [
        `threshold         ${info.threshold} bits: from here a point is an anomaly`,
        `NAB threshold     ${info.nab_threshold} bits: for the Numenta benchmark`,
        `state             at most ${info.bytes_per_series} bytes a series`,
        `processor time    ${info.us_per_point} µs a point, measured now`,
        "",
      ].join("\n"),
    );
  },
});
