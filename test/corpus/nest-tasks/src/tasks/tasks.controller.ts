import { Body, Controller, Get, Param, ParseIntPipe, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { NewTask } from "./task.dto";
import { TasksService } from "./tasks.service";

@ApiTags("tasks")
@Controller("tasks")
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Post()
  add(@Body() task: NewTask) {
    return this.tasks.add(task);
  }

  @Get(":id")
  one(@Param("id", ParseIntPipe) id: number) {
    return this.tasks.find(id);
  }
}
