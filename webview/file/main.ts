/** The page of a report that stands alone in one HTML file: the same page, with a host that answers from the data in the file. */
import type { ReportDocument } from "../../src/results/document.ts";
import { startReportPage } from "../report/reportPage.ts";
import { followColourScheme } from "./colourScheme.ts";
import { connectToFile } from "./fileHost.ts";

followColourScheme();
const data = document.getElementById("report")?.textContent ?? "";
startReportPage(connectToFile(JSON.parse(data) as ReportDocument));
