import { Injectable, Logger } from "@nestjs/common";
import { OnEvent } from "@nestjs/event-emitter";
import type { Task } from "./task.dto";

@Injectable()
export class AuditListener {
  private readonly log = new Logger("audit");

  @OnEvent("task.added")
  added(task: Task) {
    this.log.log(`task ${task.id} is due on ${task.due}`);
  }
}
