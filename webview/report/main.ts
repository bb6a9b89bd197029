import { connectReportToVsCode } from "./reportHost.ts";
import { startReportPage } from "./reportPage.ts";

startReportPage(connectReportToVsCode);
