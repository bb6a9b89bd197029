/** The version of this package, as in `package.json` (a test keeps them equal): stands in reports as the tool that measured. */
export const coldstartVersion = "0.1.0";
