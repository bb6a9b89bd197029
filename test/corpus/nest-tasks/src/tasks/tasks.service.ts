import { Injectable, NotFoundException } from "@nestjs/common";
import { EventEmitter2 } from "@nestjs/event-emitter";
import { DateTime } from "luxon";
import { NewTask, Task } from "./task.dto";

@Injectable()
export class TasksService {
  private readonly tasks = new Map<number, Task>();

  constructor(private readonly events: EventEmitter2) {}

  add(given: NewTask): Task {
    const daysLeft = Math.ceil(DateTime.fromISO(given.due).diffNow("days").days);
    const task = { ...given, id: this.tasks.size + 1, daysLeft };
    this.tasks.set(task.id, task);
    this.events.emit("task.added", task);
    return task;
  }

  find(id: number): Task {
    const task = this.tasks.get(id);
    if (!task) throw new NotFoundException(`There is no task ${id}`);
    return task;
  }
}
