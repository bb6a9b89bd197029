import { startPanel } from "./panel.ts";
import { connectToVsCode } from "./host.ts";

startPanel(connectToVsCode);
