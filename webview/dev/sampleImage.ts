/** An image made up after a measured one (Hugging Face service, 6.7 GB, 8 layers): its proportions, not its truth. */
import type { PanelReport } from "../../src/protocol/messages.ts";
import type { FileRow, OpenedRow, Report, ReportFile, ReportPackage, ReportTraced } from "../../src/results/report.ts";

interface SamplePackage {
  readonly manager: string;
  readonly name: string;
  readonly version: string;
  readonly layerIndex: number;
  readonly folder: string;
  readonly extension: string;
  /** Of a thousand files of the image. */
  readonly files: number;
  readonly bytes: number;
  readonly openedShare: number;
  readonly readShare: number;
}

const site = "/usr/local/lib/python3.11/site-packages";

const packages: readonly SamplePackage[] = [
  pkg("dpkg", "libc6", "2.36-9+deb12u9", 0, "/usr/lib/x86_64-linux-gnu", ".so.6", 12, 12_800_000, 0.06, 0.18),
  pkg("dpkg", "perl-base", "5.36.0-7", 0, "/usr/lib/x86_64-linux-gnu/perl-base", ".pm", 24, 7_700_000, 0, 0),
  pkg("dpkg", "python3.11", "3.11.2-6", 1, "/usr/lib/python3.11", ".py", 90, 64_000_000, 0.31, 0.22),
  pkg("dpkg", "gcc-12", "12.2.0-14", 2, "/usr/lib/gcc/x86_64-linux-gnu/12", ".o", 60, 96_000_000, 0, 0),
  pkg("pip", "torch", "2.5.1", 3, `${site}/torch`, ".py", 330, 1_910_000_000, 0.11, 0.041),
  pkg("pip", "nvidia-cudnn-cu12", "9.1.0.70", 3, `${site}/nvidia/cudnn/lib`, ".so.9", 3, 1_040_000_000, 0.4, 0.011),
  pkg("pip", "nvidia-cublas-cu12", "12.4.5.8", 3, `${site}/nvidia/cublas/lib`, ".so.12", 3, 731_000_000, 0.4, 0.06),
  pkg("pip", "nvidia-nccl-cu12", "2.21.5", 3, `${site}/nvidia/nccl/lib`, ".so.2", 2, 292_000_000, 0.5, 0.02),
  pkg("pip", "triton", "3.1.0", 3, `${site}/triton`, ".py", 38, 420_000_000, 0.01, 0.0004),
  pkg("pip", "sympy", "1.13.1", 3, `${site}/sympy`, ".py", 120, 64_000_000, 0.22, 0.2),
  pkg("pip", "transformers", "4.46.3", 4, `${site}/transformers`, ".py", 220, 96_000_000, 0.07, 0.05),
  pkg("pip", "tokenizers", "0.20.3", 4, `${site}/tokenizers`, ".so", 4, 9_400_000, 0.7, 0.42),
  pkg("pip", "numpy", "2.1.3", 4, `${site}/numpy`, ".py", 60, 53_000_000, 0.2, 0.24),
];

function pkg(
  manager: string,
  name: string,
  version: string,
  layerIndex: number,
  folder: string,
  extension: string,
  files: number,
  bytes: number,
  openedShare: number,
  readShare: number,
): SamplePackage {
  return { manager, name, version, layerIndex, folder, extension, files, bytes, openedShare, readShare };
}

const createdBy = [
  "/bin/sh -c #(nop) ADD file:4ea3a5f1 in / ",
  "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends python3.11 python3-pip # buildkit",
  "RUN /bin/sh -c apt-get install -y build-essential git curl # buildkit",
  "RUN /bin/sh -c pip install torch==2.5.1 --index-url https://download.pytorch.org/whl/cu124 # buildkit",
  "RUN /bin/sh -c pip install -r requirements.txt # buildkit",
  "RUN /bin/sh -c python -c \"from huggingface_hub import snapshot_download; snapshot_download('distilbert/distilbert-base', local_dir='/models/distilbert')\" # buildkit",
  "COPY app /app # buildkit",
  "RUN /bin/sh -c useradd --create-home app # buildkit",
];

/** Small, fast and the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

export function sampleFiles(count: number): FileRow[] {
  const next = random(7);
  const files: FileRow[] = [
    row("/models/distilbert/model.safetensors", 438_000_000, 5, "", {
      probability: 0.86,
      rule: "python-literal-path",
      evidence: "serve.py:11 → /models/distilbert",
      pageBytes: 1_048_576,
      requestPageBytes: 438_000_000,
    }),
    row("/app/templates/answer.html", 3_100, 6, "", {
      probability: 0.9,
      rule: "py-path",
      evidence: "serve.py:40 → answer.html, when a request comes",
      moment: "firstRequest",
      pageBytes: 4_096,
    }),
    row("/models/distilbert/pytorch_model.bin", 439_000_000, 5, ""),
    row("/models/distilbert/tokenizer.json", 712_000, 5, "", {
      probability: 0.86,
      rule: "python-literal-path",
      evidence: "serve.py:11 → /models/distilbert",
      pageBytes: 712_704,
    }),
    row("/app/serve.py", 2_310, 6, "", {
      probability: 1,
      rule: "script-argument",
      evidence: "ENTRYPOINT → /app/serve.py",
      pageBytes: 4_096,
    }),
    row("/app/requirements.txt", 214, 6, ""),
    row(`${site}/torch/lib/libtorch_cuda.so`, 902_000_000, 3, "pip torch 2.5.1", {
      probability: 0.98,
      rule: "elf-needed",
      evidence: "needed by torch/_C.cpython-311-x86_64-linux-gnu.so",
      pageBytes: 18_400_000,
    }),
    row(`${site}/nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9`, 570_000_000, 3, "pip nvidia-cudnn-cu12 9.1.0.70"),
  ];
  const weight = packages.reduce((sum, owner) => sum + owner.files, 0);
  for (const owner of packages) {
    const files_ = Math.max(2, Math.round((owner.files / weight) * count));
    for (let index = 0; index < files_ && files.length < count; index++) {
      const size = Math.round((owner.bytes / files_) * (0.2 + next() * 1.6));
      const path = `${owner.folder}/${words[Math.floor(next() * words.length)]}_${index}${owner.extension}`;
      const isOpened = next() < owner.openedShare;
      files.push(
        row(
          path,
          size,
          owner.layerIndex,
          `${owner.manager} ${owner.name} ${owner.version}`,
          isOpened
            ? {
                probability: 0.6 + next() * 0.4,
                rule: "python-import",
                evidence: `serve.py:5 → ${owner.name}`,
                pageBytes: Math.min(Math.ceil(size / 4096), 1 + Math.floor((size / 4096) * 0.4)) * 4096,
              }
            : undefined,
        ),
      );
    }
  }
  while (files.length < count)
    files.push(row(`/usr/share/doc/package-${files.length}/copyright`, 1_200 + Math.floor(next() * 30_000), 0, ""));
  return files;
}

const words = [
  "tensor",
  "attention",
  "model",
  "config",
  "kernels",
  "utils",
  "graph",
  "loader",
  "ops",
  "linear",
  "distributed",
  "testing",
  "codegen",
  "dispatch",
];

type Opened = Pick<OpenedRow, "probability" | "rule" | "evidence" | "pageBytes"> & Partial<OpenedRow>;

function row(path: string, sizeBytes: number, layerIndex: number, owner: string, opened?: Opened): FileRow {
  return { path, sizeBytes, layerIndex, package: owner, ...(opened && { opened: openedRow(opened) }) };
}

function openedRow(opened: Opened): OpenedRow {
  return { ruleMeaning: "A file that a command line or a call names.", moment: "ready", requestPageBytes: opened.pageBytes, ...opened };
}

export function sampleReport(files: readonly FileRow[], scenario: string): PanelReport {
  const isSmall = scenario === "small";
  const given = isSmall ? [] : files;
  const bytes = given.reduce((sum, file) => sum + file.sizeBytes, 0);
  const layers = (isSmall ? createdBy.slice(0, 2) : createdBy).map((text, index) => {
    const own = given.filter((file) => file.layerIndex === index);
    const opened = own.filter((file) => file.opened);
    const whole = opened.reduce((sum, file) => sum + file.sizeBytes, 0);
    const pages = opened.reduce((sum, file) => sum + (file.opened?.pageBytes ?? 0), 0) * 0.12;
    return {
      index,
      diffId: `sha256:${String(index).repeat(64)}`,
      digest: null,
      blobSizeBytes: null,
      createdBy: scenario === "hostile" ? `<script>alert(${index})</script> ${"x".repeat(900)}` : text,
      files: own.length,
      bytes: own.reduce((sum, file) => sum + file.sizeBytes, 0),
      openedFiles: opened.length,
      wholeBytes: whole,
      pageBytes: Math.round(pages),
      chunkBytes: Math.round(whole * 0.25),
    };
  });
  const sum = (pick: (layer: (typeof layers)[number]) => number): number => layers.reduce((total, layer) => total + pick(layer), 0);
  const around = (value: number): { value: number; low: number; high: number } => ({ value, low: value * 0.72, high: value * 1.4 });
  return {
    schemaVersion: 1,
    createdAtEpochMs: 1_763_800_000_000,
    image: {
      reference: "docker-daemon:demo:dev",
      digest: null,
      configDigest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      platform: "linux/amd64",
      origin: "docker-daemon",
      originLabel: "Docker",
    },
    totals: { files: given.length, bytes },
    estimate: {
      openedFiles: around(sum((layer) => layer.openedFiles)),
      wholeBytes: around(sum((layer) => layer.wholeBytes)),
      pageBytes: around(sum((layer) => layer.pageBytes)),
      chunkBytes: around(sum((layer) => layer.chunkBytes)),
      chunkSizeBytes: 4_194_304,
      afterRequest: {
        openedFiles: around(sum((layer) => layer.openedFiles) * 1.04),
        wholeBytes: around(sum((layer) => layer.wholeBytes) * 1.01),
        pageBytes: around(sum((layer) => layer.pageBytes) + 420_000_000),
        chunkBytes: around(sum((layer) => layer.chunkBytes) + 434_000_000),
      },
      confidence: isSmall ? "low" : "medium",
      flags: [
        { code: "dynamic-import", message: "serve.py:31 imports a module whose name is only known when it runs." },
        { code: "spawned-process", message: "torch starts a process (ldconfig) whose files are counted with a probability of 0.6." },
      ],
      commands: isSmall
        ? []
        : [
            { argv: ["/app/entrypoint.sh", "serve"], executable: "/app/entrypoint.sh", probability: 1 },
            {
              argv: ["python3.11", "-m", "uvicorn", "serve:app", "--host", "0.0.0.0"],
              executable: "/usr/bin/python3.11",
              probability: 0.97,
            },
          ],
    },
    layers,
    packages: isSmall ? [] : packages.map((owner) => reportPackage(owner, files)),
    weights: isSmall
      ? []
      : [
          {
            path: "/models/distilbert/model.safetensors",
            sizeBytes: 438_000_000,
            layerIndex: 5,
            format: "safetensors",
            reading: "mapped",
            readyBytes: 1_048_576,
            requestBytes: 438_000_000,
            evidence: "serve.py:11 → /models/distilbert",
          },
        ],
    findings: isSmall ? [] : findings,
    problems:
      scenario === "hostile"
        ? [{ severity: "warning", message: "Layer 3: the path ../../etc/passwd leads out of the root; it was left out." }]
        : [],
  };
}

const findings: PanelReport["findings"] = [
  {
    code: "duplicate-weights",
    severity: "warning",
    message: "pytorch_model.bin holds the weights of model.safetensors again: 439 MB.",
    advice: "Download one of the two formats only.",
    sizeBytes: 439_000_000,
    readBytes: 0,
    files: 1,
    evidence: [{ path: "/models/distilbert/pytorch_model.bin", sizeBytes: 439_000_000 }],
    layerIndex: 5,
    sourceLayerIndex: null,
    line: 9,
  },
  {
    code: "build-tools",
    severity: "information",
    message: "A compiler and its libraries stay in the image: 95.6 MB.",
    advice: "Build in a stage of its own and copy what it made.",
    sizeBytes: 95_600_000,
    readBytes: 0,
    files: 1_920,
    evidence: [{ path: "/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus", sizeBytes: 31_400_000 }],
    layerIndex: 2,
    sourceLayerIndex: null,
    line: null,
  },
];

function reportPackage(owner: SamplePackage, files: readonly FileRow[]): ReportPackage {
  const { manager, name, version, layerIndex } = owner;
  const own = files.filter((file) => file.package === `${manager} ${name} ${version}`);
  const opened = own.filter((file) => file.opened);
  const bytes = own.reduce((sum, file) => sum + file.sizeBytes, 0);
  return {
    manager,
    name,
    version,
    layerIndex,
    files: own.length,
    bytes,
    openedFiles: opened.length,
    wholeBytes: opened.reduce((sum, file) => sum + file.sizeBytes, 0),
    pageBytes: Math.round(bytes * owner.readShare),
  };
}

export function sampleTraced(): ReportTraced {
  const site = "/usr/local/lib/python3.11/site-packages";
  return {
    format: "stargz record",
    moment: "ready",
    measures: {
      openedFiles: { value: 4_190, errorPoints: -0.21, isCovered: true },
      wholeBytes: { value: 2_520_000_000, errorPoints: -1.4, isCovered: true },
    },
    recall: 0.964,
    precision: 0.981,
    byteRecall: 0.991,
    missed: [
      { path: `${site}/torch/_inductor/config.py`, sizeBytes: 61_200, layerIndex: 3 },
      { path: "/app/plugins/rerank.py", sizeBytes: 4_300, layerIndex: 6 },
    ],
    surplus: [
      {
        path: `${site}/numpy/f2py/__init__.py`,
        sizeBytes: 5_100,
        layerIndex: 4,
        probability: 0.55,
        rule: "python-import",
        evidence: "serve.py:5 → numpy",
      },
    ],
    dropped: { runtime: 3, folders: 12, missing: 0 },
  };
}

/** The same with the opened files in it, as a saved report has them. */
export function savedReport(files: readonly FileRow[], scenario: string): Report {
  const opened = files.flatMap(({ path, sizeBytes, layerIndex, opened: row }): ReportFile[] => {
    if (!row) return [];
    const { probability, rule, evidence, moment, pageBytes, requestPageBytes } = row;
    return [{ path, sizeBytes, layerIndex, probability, rule, evidence, moment, pageBytes, requestPageBytes }];
  });
  const at = (moment: ReportFile["moment"]): ReportFile[] =>
    opened.filter((file) => file.moment === moment).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...sampleReport(files, scenario), files: at("ready"), requestFiles: at("firstRequest") };
}
