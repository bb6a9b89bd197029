import { ApiProperty } from "@nestjs/swagger";
import { IsDateString, IsInt, IsString, Length, Max, Min } from "class-validator";

export class NewTask {
  @ApiProperty()
  @IsString()
  @Length(1, 120)
  title!: string;

  @ApiProperty({ format: "date" })
  @IsDateString()
  due!: string;

  @ApiProperty({ minimum: 1, maximum: 5 })
  @IsInt()
  @Min(1)
  @Max(5)
  priority!: number;
}

export class Task extends NewTask {
  id!: number;
  daysLeft!: number;
}
