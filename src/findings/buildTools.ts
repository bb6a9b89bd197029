import type { PackageOwner } from "../inspect/inspection.ts";

/**
 * Packages that only serve to build other programs, by the naming rules of each packager: Debian's policy (8.4) and Alpine name headers
 * and static libraries `-dev`, Fedora `-devel`; the other names are compilers, linkers and build systems.
 */
const toolNames: Readonly<Record<PackageOwner["manager"], RegExp | undefined>> = {
  dpkg: new RegExp(
    "^(?:.+-dev|.+-dev-\\d[\\w.-]*|libc-dev-bin|" +
      "(?:gcc|g\\+\\+|cpp|gfortran|gnat|gdc|gobjc)(?:-\\d[\\d.]*)?(?:-[\\w-]*linux-gnu\\w*)?|gcc-\\d+-(?:multilib|plugin-dev)|" +
      "binutils(?:-.+)?|make|cmake(?:-data)?|ninja-build|meson|autoconf|automake|autotools-dev|libtool|bison|flex|m4|patch|gdb|strace|" +
      "build-essential|dpkg-dev|pkg-config|pkgconf(?:-bin)?|" +
      "clang(?:-(?:\\d+|tools.*|format.*))?|lld(?:-\\d+)?|llvm(?:-\\d+)?(?:-(?:tools|linker-tools))?|" +
      "rustc|cargo|golang(?:-.+)?|git|git-man|mercurial(?:-common)?|subversion|" +
      "(?:openjdk-\\d+-jdk|default-jdk)(?:-headless)?|maven|gradle|swig[\\d.]*|cython3|linux-libc-dev|" +
      "cuda-(?:nvcc|crt|nvvm|compiler|minimal-build|command-line-tools|nvprof|nvprune|cuobjdump|cuxxfilt|gdb|memcheck|sanitizer|nsight[\\w-]*|nvdisasm|visual-tools|profiler-api|documentation)(?:-\\d+-\\d+)?|" +
      "nsight-(?:compute|systems).*)$",
  ),
  apk: /^(?:.+-dev|.+-static|gcc|g\+\+|gfortran|cpp|binutils|make|cmake|ninja(?:-build)?|samurai|meson|autoconf|automake|libtool|bison|flex|m4|patch|pkgconf|clang\d*|llvm\d*|rust|cargo|go|git|openjdk\d+-jdk|maven|build-base|fortify-headers)$/,
  rpm: /^(?:.+-devel|.+-static|gcc|gcc-c\+\+|gcc-gfortran|cpp|annobin.*|binutils(?:-gold)?|make|cmake(?:-data|-filesystem)?|ninja-build|meson|autoconf|automake|libtool|bison|flex|m4|patch|pkgconf-pkg-config|clang|llvm|rust|cargo|golang(?:-.+)?|git(?:-core(?:-doc)?)?|perl-Git|kernel-headers|java-.+-openjdk-(?:devel|jmods)|maven.*|cuda-(?:nvcc|crt|nvvm|compiler|minimal-build|command-line-tools|nvprof|nvprune|cuobjdump|gdb|memcheck|sanitizer|nsight[\w-]*|nvdisasm|documentation).*|nsight-.*)$/,
  conda:
    /^(?:(?:gcc|gxx|gfortran|binutils|ld_impl|sysroot|kernel-headers)(?:_(?:impl_)?linux-\w+)?|gcc|gxx|binutils|make|cmake|ninja|meson|cuda-nvcc.*|cuda-.*-dev(?:_.+)?|libcu.*-dev|rust.*|go|git|compilers|c-compiler|cxx-compiler)$/,
  pip: /^(?:cmake|ninja|meson|cython|maturin|nvidia-cuda-nvcc(?:-cu\d+)?)$/i,
  npm: undefined,
  jar: undefined,
};

/** `ld_impl` is the linker that conda's Python itself brings along: nobody installed it to build with. */
export function isBuildPackage(owner: PackageOwner): boolean {
  return !owner.name.startsWith("ld_impl") && toolNames[owner.manager]?.test(owner.name) === true;
}

/** Build tools that no package manager lists: what it is, and the folder that holds it. */
const toolFolders: readonly { readonly name: string; readonly folder: RegExp }[] = [
  { name: "Go toolchain", folder: /^\/usr\/(?:local|lib)\/go(?:-[\d.]+)?\/(?:pkg|src|bin|test|misc|api|lib)\// },
  { name: "Rust toolchain", folder: /^(?:\/usr\/local\/rustup|(?:\/[^/]+){1,2}\/\.rustup)\/toolchains\// },
  { name: "headers", folder: /^\/usr\/(?:local\/)?include\// },
  {
    name: "CUDA headers and static libraries",
    folder: /^\/usr\/local\/cuda[^/]*\/(?:targets\/[^/]+\/)?(?:include\/|lib(?:64)?\/[^/]+\.a$|nvvm\/|extras\/|src\/)/,
  },
  { name: "static libraries", folder: /^\/(?:usr\/(?:local\/)?)?lib(?:64)?\/(?:[^/]+-linux-[^/]+\/|gcc\/.+\/)?[^/]+\.a$/ },
  { name: "JDK modules and sources", folder: /\/(?:jmods\/[^/]+\.jmod|lib\/(?:src\.zip|ct\.sym))$/ },
];

/** The kind of build tool that a file belongs to by its place alone. */
export function buildFolderOf(path: string): string | undefined {
  return toolFolders.find(({ folder }) => folder.test(path))?.name;
}
