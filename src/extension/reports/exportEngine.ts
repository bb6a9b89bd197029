/** The door to the forms in which reports leave, opened by `await import`. */
export { exportText } from "../../results/exportText.ts";
export { chartPicture } from "../../results/pictures/chartPicture.ts";
export { pictureSvg } from "../../results/pictures/pictureSvg.ts";
export { pagePartFiles, reportHtml } from "../../results/reportHtml.ts";
