# SPDX-License-Identifier: LGPL-2.1-or-later
"""ffmpeg's denoising filters with the strengths that are tried, and ours."""


class Filter:
    """pattern: an ffmpeg filter chain, or a graph with one open input and output, in which {s} is the strength, and
    {t} is 2.8 times that."""

    def __init__(self, name, pattern, strengths, ends_at_limit=False):
        self.name = name
        self.pattern = pattern
        self.strengths = strengths
        self.ends_at_limit = ends_at_limit  # the option, or sense, ends where the grid does

    def graph(self, strength):
        return self.pattern.format(s=strength, t=2.8 * strength)


# Strengths rise. All planes are filtered, as rdenoise does. hqdn3d takes 0 for "by the other strengths", so its spatial
# half alone has a temporal strength next to 0. bm3d with the basic estimate as reference wants 2.8 times the sigma in
# its second step. nlmeans: its defaults, and a smaller search that is faster and on white noise as good.
FILTERS = [
    Filter("gblur", "gblur=sigma={s}", [0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.8, 2.2, 2.7, 3.3, 4, 5]),
    Filter("bilateral", "bilateral=sigmaS=3:sigmaR={s}:planes=7", [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1], True),
    Filter("bilateral narrow", "bilateral=sigmaS=1.5:sigmaR={s}:planes=7", [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1], True),
    Filter("hqdn3d", "hqdn3d={s}", [4, 8, 12, 18, 25, 35, 50, 70, 100]),
    Filter("hqdn3d spatial", "hqdn3d={s}:{s}:0.01:0.01", [12, 25, 50, 100, 200]),
    Filter("nlmeans p7 r15", "nlmeans=s={s}:p=7:r=15", [6, 8, 10, 12, 14, 17, 20, 25, 30], True),
    Filter("nlmeans p5 r7", "nlmeans=s={s}:p=5:r=7", [6, 8, 10, 12, 14, 17, 20, 25, 30], True),
    Filter("bm3d", "bm3d=sigma={s}", [30, 45, 60, 75, 90, 110, 140]),
    Filter("bm3d 2-step",
           "split[a][b];[a]bm3d=sigma={s}:estim=basic[c];[b][c]bm3d=sigma={t}:estim=final:ref=1",
           [30, 45, 60, 90, 120, 160]),
]

OURS = {
    "live": "rdnoiseest ! rdenoise preset=live",
    "balanced": "rdnoiseest ! rdenoise preset=balanced",
}
