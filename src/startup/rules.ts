import { nodeRules } from "./node/nodeRules.ts";
import { pythonRules } from "./python/pythonRules.ts";
import type { RuleName } from "./startupSet.ts";

/** Every rule, and what it means in one sentence for people. Adding a rule is one row here or in a runtime's table. */
export const rules: Readonly<Record<RuleName, string>> = {
  entry: "A program that is started.",
  elf: "A shared library that a program needs; the dynamic linker maps it.",
  linker: "A file that the dynamic linker itself reads.",
  user: "The container runtime looks up the USER of the image.",
  script: "A script that is started, by its #! line or by name.",
  shell: "A file that a shell script reads.",
  locale: "Language data that the C library loads for a program which asks for the locale.",
  account: "The C library looks up users and groups.",
  timezone: "The time zone, which the C library reads when a program formats local time.",
  openssl: "OpenSSL's configuration, read when the library starts.",
  name: "Name resolution: a file that the C library reads before it asks for addresses.",
  argument: "A file that a command line names.",
  config: "A configuration file that a server reads when it starts.",
  server: "A file that the server's configuration names, or that this server always reads.",
  named: "A file whose path is written into the program.",
  java: "A part of the Java runtime that every start loads.",
  jar: "A class archive on the class path.",
  "ruby-require": "A Ruby file or extension that code requires.",
  "ruby-gem": "The description of a gem, which RubyGems reads to find code.",
  "perl-use": "A Perl module that code uses.",
  "lua-require": "A Lua module that code requires.",
  "php-include": "A PHP file that code includes.",
  "php-extension": "An extension that PHP's settings load.",
  "r-package": "A part of an R package that is loaded.",
  "r-source": "A file that an R script reads.",
  erlang: "A module that every start of the Erlang machine loads, or that its command line names.",
  ...pythonRules,
  ...nodeRules,
};
