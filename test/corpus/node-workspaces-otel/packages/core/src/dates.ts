import dayjs from "dayjs";
import utc from "dayjs/plugin/utc";
dayjs.extend(utc);
export const due = (days: number): string => dayjs.utc().add(days, "day").format("YYYY-MM-DD");
