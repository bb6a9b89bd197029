/** The door to the forms in which reports leave, opened by `await import`. */
export { exportText } from "../../results/exportText.ts";
export { reportHtml } from "../../results/reportHtml.ts";
